import type { Fault } from '../faults';
import type { Acknowledgements } from './acknowledgements';
import type { EvolutionVersion } from './dialect';
import type { QrTiming } from './qr-code';
import type { EvolutionWebhookTiming } from './webhook-sender';

export interface EvolutionWorldOptions {
  /** 2.3.7 unless told. */
  version?: EvolutionVersion;
  /** The server's own key, which may do everything. */
  apiKey?: string;
  /** Any number is on WhatsApp. Default: only people, groups and senders of injected messages. */
  autoChats?: boolean;
  /** `counts` keeps neither messages nor calls nor files, and takes any number: for load. */
  keep?: 'all' | 'counts';
  /** The seed of every random choice. */
  seed?: number;
  webhook?: Partial<EvolutionWebhookTiming>;
  qr?: Partial<QrTiming>;
  acknowledgements?: Acknowledgements;
  /** Webhooks carry the instance's token as `apikey`; otherwise null. */
  exposesKey?: boolean;
  /** The server's own time zone, in which `date_time` is: -180 minutes unless told. */
  utcOffsetMinutes?: number;
  /** `required`: everything is answered 503 LICENSE_REQUIRED. */
  license?: 'active' | 'required';
}

/** A fault of the transport, or a refusal that the real server gives for reasons of its own. */
export type EvolutionFault = Fault | { kind: 'refuse'; why: Refused };

export type Refused =
  /** 400 `Error: Connection Closed`, while the state stays what it is. */
  | 'connection-closed'
  /** 400 `exists: false`. */
  | 'not-on-whatsapp'
  /** 503 LICENSE_REQUIRED. */
  | 'license-required'
  /** 200 `{error: true, message}`, as `connect` and `restart` tell their errors. */
  | 'error-in-200';
