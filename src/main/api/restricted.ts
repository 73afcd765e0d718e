/** What a page of an annotator or adjudicator is told of project and machine. */
import type { Outputs } from '#shared/contract.ts';
import type { Connection } from '../services/Connection.ts';

type CurrentProject = Outputs['project']['current'];

export const forRole = <T>(who: Connection, told: T, restricted: (told: T) => T): T =>
  who.isRestricted ? restricted(told) : told;

/** Name, rules and guidelines: neither where the file is nor how far others are. */
export const ownProject = (project: CurrentProject): CurrentProject =>
  project && {
    ...project,
    path: '',
    counts: { pairs: project.counts.pairs, labelled: 0, prompts: 0, runs: 0 },
    damage: project.damage.length === 0 ? [] : ['The project is damaged; tell whoever runs it.'],
  };

export const noMachine = (info: Outputs['app']['info']): Outputs['app']['info'] => ({
  ...info,
  platform: '',
  memoryBytes: 0,
  homeFolder: '',
  runtime: null,
});
