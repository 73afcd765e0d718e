"""The run: steps, evaluations and checkpoints on the way, from the first step or from where it stopped."""

import signal
import threading
import time
from typing import Any

from lpc.milestones import codes_of_best, evaluate, reseed, save, write_codes
from lpc.run import Run
from lpc.schedule import step_settings
from lpc.step import step

# A run is never further than this from its last checkpoint.
LONGEST_UNSAVED_S = 600


def _pause(run: Run) -> None:
    """What is due after a step that is not the last."""
    settings = run.settings
    if run.done >= settings.steps:
        return
    due = settings.evaluateEvery > 0 and run.done % settings.evaluateEvery == 0
    if due:
        evaluate(run)
    overdue = time.monotonic() - run.saved_s > LONGEST_UNSAVED_S
    if due or run.parallel.agree(overdue):
        save(run)
        if run.codes_at == "evaluations":
            write_codes(run)
        run.seal("running")


class _Asked:
    """SIGTERM or SIGINT, which Slurm and Ray send before they kill."""

    def __init__(self) -> None:
        self.to_stop = False
        # Ray runs a worker's training beside its main thread, which alone hears signals.
        if threading.current_thread() is not threading.main_thread():
            return
        for number in [signal.SIGTERM, signal.SIGINT]:
            signal.signal(number, self._hear)

    def _hear(self, *_: Any) -> None:
        self.to_stop = True


def train(run: Run, until: int | None = None) -> str:
    """To the last step, or until asked to stop."""
    asked = _Asked()
    last = run.settings.steps if until is None else min(until, run.settings.steps)
    stopped = False
    while run.done < last and not run.has_converged():
        stopped = run.parallel.any(asked.to_stop)
        if stopped:
            break
        step(run)
        reseed(run)
        _pause(run)
    ended = run.done >= run.settings.steps or run.has_converged()
    run.wrapped.enter(step_settings(run.settings, max(0, run.done - 1)).stage)
    save(run)
    if stopped:
        run.seal("stopped")
        return "stopped"
    if run.measured_at != run.done:
        evaluate(run, is_stop=not ended, is_last=True)
    write_codes(run)
    codes_of_best(run)
    state = "finished" if ended else "stopped"
    run.seal(state)
    return state
