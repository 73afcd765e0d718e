/** The typed client of main's contract, and the query keys and options made from it. */
import { createORPCClient, DynamicLink } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { createTanstackQueryUtils } from '@orpc/tanstack-query';
import type { Contract } from '#shared/contract.ts';
import { currentLink } from './connection.ts';

export type Client = ContractRouterClient<Contract>;

export const client: Client = createORPCClient(new DynamicLink(() => currentLink()));

/** `useQuery(api.library.rows.queryOptions({ input }))`, `useMutation(api.annotate.decide.mutationOptions())`. */
export const api = createTanstackQueryUtils(client);
