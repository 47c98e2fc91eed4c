/** A signal that aborts with `parent` or after `ms`; `end` must be called, so that nothing is left on the parent. */
export class Deadline {
  passed = false;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly onParent = () => this.controller.abort();

  constructor(
    private readonly parent: AbortSignal,
    ms: number,
  ) {
    this.timer = setTimeout(() => {
      this.passed = true;
      this.controller.abort();
    }, ms);
    if (parent.aborted) this.controller.abort();
    else parent.addEventListener('abort', this.onParent, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  end(): void {
    clearTimeout(this.timer);
    this.parent.removeEventListener('abort', this.onParent);
  }
}
