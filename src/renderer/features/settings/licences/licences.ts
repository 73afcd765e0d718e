/** What the build wrote of the packages that an installed Facet hands on (`scripts/lib/licences.mjs`). */
import { queryOptions } from '@tanstack/react-query';
import { z } from 'zod';
import { FacetError } from '#core/result.ts';

const licencesSchema = z.object({
  packages: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      licence: z.string(),
      author: z.string().nullable(),
      /** Its place in `texts`. */
      text: z.number(),
    }),
  ),
  texts: z.array(z.string()),
});
export type Licences = z.infer<typeof licencesSchema>;

async function readLicences(): Promise<Licences> {
  const answer = await fetch('licences.json');
  if (answer.ok) return licencesSchema.parse(await answer.json());
  throw new FacetError({
    code: 'app.licences',
    message: 'The list of licences is not there.',
    fix: 'It is made when Facet is built: build it again, or install it anew.',
  });
}

export const licencesQuery = queryOptions({
  queryKey: ['licences'],
  queryFn: readLicences,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Packages that compute, as they are called outside. */
const ENGINES: Readonly<Record<string, string>> = {
  'onnxruntime-node': 'ONNX Runtime',
  '@tensorflow/tfjs': 'TensorFlow.js',
};

/** `ONNX Runtime 1.30.0, TensorFlow.js 4.22.0` */
export const engineVersions = ({ packages }: Licences): string =>
  Object.entries(ENGINES)
    .flatMap(([name, words]) =>
      packages.filter((one) => one.name === name).map((one) => `${words} ${one.version}`),
    )
    .join(', ');
