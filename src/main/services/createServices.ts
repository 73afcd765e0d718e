import type { FacetOptions } from '../app.ts';
import type { Services } from './Services.ts';

export function createServices(options: FacetOptions): Services {
  throw new Error(`services are not assembled in ${options.version}`);
}
