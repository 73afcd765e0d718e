import { describe, expect, it } from 'vitest';
import { ACTIONS, actionOf, actionsOn } from '../actions.ts';
import {
  actionByKey,
  keyMap,
  ownerOf,
  readKeys,
  whyKept,
  withKeys,
  withOwnKeys,
  writeKeys,
} from './keyMap.ts';
import { capOf, pressedKey, reaching, spokenKeys } from './keyWords.ts';

const failureOf = (text: string) => {
  const read = readKeys(text, 'keys.json');
  return read.ok ? null : read.failure;
};
const file = (keys: object) => JSON.stringify({ format: 'facet-desk-keys', version: 1, keys });

describe('the keys the desk comes with', () => {
  it.each(['pair', 'set'] as const)('stand in one action each of a %s', (kind) => {
    const keys = actionsOn(kind).flatMap((action) => actionOf(action).keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('are kept for nothing else', () => {
    const keys = ACTIONS.flatMap((action) => actionOf(action).keys);
    expect(keys.filter((key) => whyKept(key) !== null)).toEqual([]);
  });
});

describe('a changed key', () => {
  it('is taken from the action that had it, which keeps its others', () => {
    const changed = withKeys({}, 'skip', ['s', 't']);
    expect(keyMap(changed).skip).toEqual(['s', 't']);
    expect(keyMap(changed).tie).toEqual(['3', 'arrowdown']);
    expect(actionByKey(keyMap(changed), 'pair').get('t')).toBe('skip');
  });

  it('may be a key of a ranking and of a pair at once, never of two actions of one of them', () => {
    const changed = withKeys({}, 'better', ['1', 's']);
    expect(keyMap(changed)).toMatchObject({ left: ['1', 'arrowleft'], better: ['1', 's'], skip: [] });
    expect(ownerOf(keyMap({}), 'better', 'arrowleft')).toBe('before');
    expect(ownerOf(keyMap({}), 'editLeft', 'arrowleft')).toBe('left');
    expect(readKeys(writeKeys(changed), 'keys.json')).toEqual({ ok: true, value: changed });
  });

  it('comes back to the action it came with, from whichever has it', () => {
    const moved = withKeys(withKeys({}, 'skip', ['b']), 'flag', ['s']);
    expect(keyMap(moved)).toMatchObject({ both_bad: [], skip: ['b'], flag: ['s'] });
    const back = withOwnKeys(moved, 'both_bad');
    expect(keyMap(back)).toMatchObject({ both_bad: ['b'], skip: [], flag: ['s'] });
    expect(withOwnKeys(withOwnKeys(back, 'skip'), 'flag')).toEqual({});
  });
});

describe('a file of keys', () => {
  it('is read as it was written', () => {
    const changed = withKeys(withKeys({}, 'left', ['a', 'ф']), 'pageUp', ['shift+arrowup']);
    expect(readKeys(writeKeys(changed), 'keys.json')).toEqual({ ok: true, value: changed });
  });

  it('names a part of the actions: the others have what it leaves of their own', () => {
    const read = readKeys(file({ skip: ['T'] }), 'keys.json');
    expect(read.ok && keyMap(read.value)).toMatchObject({
      skip: ['t'],
      tie: ['3', 'arrowdown'],
      left: ['1', 'arrowleft'],
    });
  });

  it.each([
    ['{', 'no JSON', undefined],
    ['{"format":"other"}', 'no keys of the desk', 'format'],
    [file({ skip: 's' }), 'no keys of the desk', 'keys.skip'],
    [file({ jump: ['x'] }), 'no action “jump”', 'keys.jump'],
    [file({ skip: ['x'], tie: ['X'] }), 'X stands twice: for “skip” and “tie”', 'keys.tie'],
    [file({ skip: ['Enter'] }), 'Enter presses the button', 'keys.skip'],
  ])('is refused where it is wrong: %s', (text, message, field) => {
    const failure = failureOf(text);
    expect(failure?.message).toContain(message);
    expect(failure?.where).toEqual({ file: 'keys.json', ...(field === undefined ? {} : { field }) });
  });
});

describe('a pressed key', () => {
  const held = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };
  it('is named as bindings name it, in any script', () => {
    expect(pressedKey({ ...held, key: 'Ф' })).toBe('ф');
    expect(pressedKey({ ...held, key: 'E', shiftKey: true })).toBe('shift+e');
    expect(pressedKey({ ...held, key: '?', shiftKey: true })).toBe('?');
    expect(pressedKey({ ...held, key: '1', shiftKey: true })).toBe('1');
    for (const key of ['Shift', 'Dead']) expect(pressedKey({ ...held, key })).toBeNull();
    expect(pressedKey({ ...held, key: 's', ctrlKey: true })).toBeNull();
  });

  it('has one name on caps and one that is read out', () => {
    expect(['shift+e', 'arrowleft', 'pagedown', '?', 'ф', ' '].map(capOf)).toEqual([
      'Shift+E',
      '←',
      'PageDown',
      '?',
      'Ф',
      'Space',
    ]);
    expect(spokenKeys(['3', 'arrowdown', 't'])).toBe('3, Down arrow or T');
    expect(spokenKeys(['shift+z'])).toBe('Shift and Z');
  });

  it('reaches its action unless it is a step of the scale', () => {
    expect(reaching(['1', 'arrowleft'], 'four')).toEqual(['arrowleft']);
    expect(reaching(['8'], 'seven')).toEqual(['8']);
    expect(reaching(['8'], 'four')).toEqual([]);
  });
});
