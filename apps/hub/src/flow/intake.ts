import type { Received } from '@omni-hub/channel-sdk';
import type { LiveInstance } from '../instances/live-instance';

/** Where channels hand in what platforms sent. The inbox is it. */
export abstract class Intake {
  /**
   * Resolves once every event is committed. Rejects with OverloadedError when too many wait, or with the database's
   * error: the platform must then be told to come again.
   */
  abstract accept(instance: LiveInstance, received: Received, raw: Buffer): Promise<void>;

  /** Keeps a body that was signed but not understood, for the operator. */
  abstract reject(instance: LiveInstance, detail: string, raw: Buffer): Promise<void>;
}
