import { Injectable } from '@nestjs/common';

interface InstanceActivity {
  lastInboundAt: number | null;
  lastSendAt: number | null;
  lastError: { at: number; code: string; detail: string } | null;
  transport: { state: string; detail: string | null; at: number } | null;
}

/** What was last proven about each instance by this process: the ground of its status. */
@Injectable()
export class Activity {
  private readonly byInstance = new Map<string, InstanceActivity>();

  inbound(instanceId: string): void {
    this.of(instanceId).lastInboundAt = Date.now();
  }

  sent(instanceId: string): void {
    this.of(instanceId).lastSendAt = Date.now();
  }

  failed(instanceId: string, code: string, detail: string): void {
    this.of(instanceId).lastError = { at: Date.now(), code, detail };
  }

  transport(instanceId: string, state: string, detail: string | null): void {
    this.of(instanceId).transport = { state, detail, at: Date.now() };
  }

  /** This process holds the connection no more: how it went is over. What the platform refused stays, with its reason. */
  transportEnded(instanceId: string): void {
    const activity = this.byInstance.get(instanceId);
    if (activity && activity.transport?.state !== 'refused') activity.transport = null;
  }

  of(instanceId: string): InstanceActivity {
    let activity = this.byInstance.get(instanceId);
    if (!activity) {
      activity = { lastInboundAt: null, lastSendAt: null, lastError: null, transport: null };
      this.byInstance.set(instanceId, activity);
    }
    return activity;
  }

  forget(instanceId: string): void {
    this.byInstance.delete(instanceId);
  }
}
