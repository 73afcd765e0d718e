import type { Failure } from '#core/result.ts';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';

/** Reads a checkpoint's codes before all others; goes on while other screens are open. Gives what it failed with. */
export async function readCodes(runId: number, step: number): Promise<Failure | null> {
  try {
    for await (const _ of await client.codes.read({ runId, step }));
    return null;
  } catch (error) {
    const failure = failureOf(error);
    return failure.code === 'job.stopped' ? null : failure;
  }
}
