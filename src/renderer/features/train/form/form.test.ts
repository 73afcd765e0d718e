import { describe, expect, it } from 'vitest';
import { OBJECTIVES } from '#core/methods.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { runConfigSchema } from '#shared/runConfigSchema.ts';
import { ADVANCED_GROUPS } from './advancedFields.ts';
import { checkDraft, draftOf, withSuggestion, withText } from './draft.ts';
import { BASIC_FIELDS } from './fields.ts';
import { PRESETS, plainBaseline, presetOf, STARTING_PRESET, withObjective, withPreset } from './presets.ts';

describe('draft', () => {
  it('gives back the settings it was made from', () => {
    expect(checkDraft(draftOf(DEFAULT_RUN))).toEqual({ config: DEFAULT_RUN, problems: {}, cautions: {} });
  });

  it('keeps the codes typed before LPC was turned off', () => {
    const draft = { ...withText(draftOf(DEFAULT_RUN), 'latent.codes', '64'), latent: false };
    expect(checkDraft(draft).config?.latent).toBeNull();
    expect(checkDraft({ ...draft, latent: true }).config?.latent?.codes).toBe(64);
  });

  it('does not refuse a latent field that is not used', () => {
    const draft = { ...withText(draftOf(DEFAULT_RUN), 'latent.codes', ''), latent: false };
    expect(checkDraft(draft).config).not.toBeNull();
  });

  it('reads rates as people type them', () => {
    const typed = withText(withText(draftOf(DEFAULT_RUN), 'learningRate', ' 5e-5 '), 'steps', '1e3');
    expect(checkDraft(typed).config).toMatchObject({ learningRate: 5e-5, steps: 1000 });
  });

  it.each([
    ['steps', '', 'A number, please, such as 0.05 or 5e-4.'],
    ['steps', '12.5', 'A whole number, please.'],
    ['steps', '0', 'At least 1, please.'],
    ['beta', '0', 'More than 0, please.'],
    ['latent.codes', '5000', 'At most 1024, please.'],
    ['heldOutShare', '0.95', 'At most 0.9, please.'],
  ] as const)('says what is wrong with %s = "%s"', (name, text, words) => {
    const checked = checkDraft(withText(draftOf(DEFAULT_RUN), name, text));
    expect(checked.config).toBeNull();
    expect(checked.problems).toEqual({ [name]: { says: words } });
  });

  it('reads lists, switches and numbers that may be left out', () => {
    const typed = withText(
      withText(withText(draftOf(DEFAULT_RUN), 'loraTargets', 'q_proj,v_proj'), 'recompute', 'true'),
      'epochs',
      '2.5',
    );
    expect(checkDraft(typed).config).toMatchObject({
      loraTargets: ['q_proj', 'v_proj'],
      recompute: true,
      epochs: 2.5,
      codebookLearningRate: null,
    });
    expect(checkDraft(withText(typed, 'epochs', ' ')).config?.epochs).toBeNull();
    expect(checkDraft(withText(typed, 'loraTargets', '')).problems.loraTargets?.says).toBe(
      'At least 1, please.',
    );
  });

  it('wants evaluations where it may stop early', () => {
    const draft = withText(
      withText(draftOf(DEFAULT_RUN), 'earlyStoppingPatience', '3'),
      'evaluateEvery',
      '0',
    );
    const problem = checkDraft(draft).problems.earlyStoppingPatience;
    expect(problem?.says).toMatch(/only at its end/);
    const suggestion = problem?.suggestion;
    expect(suggestion && checkDraft(withSuggestion(draft, suggestion)).problems).toEqual({});
  });

  it('has a field for every setting', () => {
    const named = [...BASIC_FIELDS, ...ADVANCED_GROUPS.flatMap(({ fields }) => fields)].map(
      ({ name }) => name,
    );
    expect([...named, 'objective', 'startFrom'].sort()).toEqual(
      Object.keys(draftOf(DEFAULT_RUN).texts).sort(),
    );
  });

  it('refuses to train the heads of a run that has none', () => {
    const draft = withText({ ...draftOf(DEFAULT_RUN), latent: false }, 'trainable', 'heads');
    expect(checkDraft(draft).problems.trainable?.says).toMatch(/no heads/);
  });
});

describe('presets', () => {
  it.each(PRESETS.map((preset) => [preset.name, preset] as const))(
    '%s is valid with every objective',
    (_, preset) => {
      expect(runConfigSchema.parse(preset.config)).toEqual(preset.config);
      for (const objective of OBJECTIVES) {
        const draft = withPreset(withObjective(draftOf(DEFAULT_RUN), objective), preset);
        expect(checkDraft(draft).config?.objective).toBe(objective);
        expect(presetOf(draft)).toBe(preset);
      }
    },
  );

  it('keeps seed and engine, and is left by any other change', () => {
    const draft = withText(withText(draftOf(DEFAULT_RUN), 'seed', '7'), 'engine', 'tfjs-wasm');
    const next = withPreset(draft, PRESETS[0]!);
    expect(next.texts).toMatchObject({ seed: '7', engine: 'tfjs-wasm' });
    expect(presetOf(withText(next, 'steps', '151'))).toBeNull();
  });

  it('moves β with the objective, but not one set by hand', () => {
    const simpo = withObjective(draftOf(DEFAULT_RUN), 'simpo');
    expect(simpo.texts.beta).toBe('2');
    expect(withObjective(simpo, 'dpo').texts.beta).toBe('0.1');
    const robust = withObjective(draftOf(STARTING_PRESET.config), 'simpo');
    expect(robust.texts.beta).toBe('2');
    expect(withObjective(robust, 'dpo').texts.beta).toBe('1');
    const byHand = withText(draftOf(DEFAULT_RUN), 'beta', '0.3');
    expect(withObjective(byHand, 'simpo').texts.beta).toBe('0.3');
  });
});

describe('plainBaseline', () => {
  it('differs from its run by the latent alone', () => {
    expect(plainBaseline(DEFAULT_RUN)).toEqual({ ...DEFAULT_RUN, latent: null });
  });
  it('trains something when the run trained heads only', () => {
    const baseline = plainBaseline(PRESETS[0]!.config);
    expect(baseline.trainable).toBe('lora');
    expect(checkDraft(draftOf(baseline)).config).toEqual(baseline);
  });
});
