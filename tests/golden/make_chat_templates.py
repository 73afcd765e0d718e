"""Dialogues as llama.cpp's own templates write them, without the beginning-of-text token that it adds itself.

    pip install xllamacpp && python tests/golden/make_chat_templates.py > tests/golden/chat-templates.json
"""
import json
import pathlib
import urllib.request

import xllamacpp

MODEL = pathlib.Path(__file__).parent / "gguf" / "llama.gguf"
USER = {"role": "user", "content": "Hi, who are you?"}
REPLY = {"role": "assistant", "content": "Nobody."}
SYSTEM = {"role": "system", "content": "Be brief."}
DIALOGUES = [[USER], [SYSTEM, USER], [USER, REPLY, {"role": "user", "content": "Why?\nTell me."}]]

result = {}
for name in ("chatml", "llama3", "gemma", "zephyr"):
    params = xllamacpp.CommonParams()
    params.model.path = str(MODEL)
    params.n_ctx, params.warmup, params.use_jinja, params.chat_template = 64, False, False, name
    server = xllamacpp.Server(params)

    def prompt(messages):
        request = urllib.request.Request(f"{server.listening_address}/apply-template", json.dumps({"messages": messages}).encode(),
                                         {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))["prompt"]

    result[name] = [{"messages": messages, "prompt": prompt(messages)} for messages in DIALOGUES]
    del server
print(json.dumps(result, indent=1))
