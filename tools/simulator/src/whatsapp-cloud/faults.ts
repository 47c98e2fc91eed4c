import { type Fault, type FaultRule, Faults } from '../faults';

/** What can go wrong with a call of the Cloud API, beyond what goes wrong with any. */
export type CloudFault =
  | Fault
  /** The send is judged as if the person wrote last more than a day ago. */
  | { kind: 'window-closed' }
  /** The address of the media has expired, whatever its age. */
  | { kind: 'media-expired' }
  /** The media is there and has no bytes. */
  | { kind: 'media-empty' }
  /** As many bytes as there should be, one of them wrong. */
  | { kind: 'media-corrupt' }
  /** So many bytes, 101 MB unless told. For `method: 'media'` the size that is told, for a download the bytes themselves. */
  | { kind: 'media-over-limit'; bytes?: number };

export type CloudFaultRule = FaultRule<CloudFault>;

const defaultMethods: Partial<Record<CloudFault['kind'], string>> = {
  'window-closed': 'send',
  'media-expired': 'download',
  'media-empty': 'download',
  'media-corrupt': 'download',
  'media-over-limit': 'download',
};

/** Faults that make sense for one method only are for that method where the rule names none. */
export class CloudFaults extends Faults<CloudFault> {
  override add(rule: CloudFaultRule): number {
    const method = rule.method ?? defaultMethods[rule.fault.kind];
    return super.add(method === undefined ? rule : { ...rule, method });
  }
}

const general: Record<Fault['kind'], true> = {
  'rate-limit': true,
  error: true,
  garbage: true,
  'timeout-before': true,
  'timeout-after': true,
  'reset-before': true,
  'reset-after': true,
  slow: true,
};

/** A fault of the way there and back, as any platform has it; the others change what is done. */
export const isGeneral = (fault: CloudFault | null): fault is Fault | null =>
  fault === null || fault.kind in general;
