import type { TurnCompletion } from './store';

/** The last message that needs no turn any more once this one has ended for good. Pure. */
export const doneWith = ({ status, firstSeq, lastSeq }: TurnCompletion['turn']): number =>
  status === 'merged' ? firstSeq - 1 : lastSeq;
