import type { Content } from '@omni-hub/contracts';
import { contentModels } from '../flow/content.models';
import { classesBy } from './class-schema';

/** Content as it is sent and stored: what its classes let through. */
export const content = classesBy<Content>('Content', 'type', contentModels);
