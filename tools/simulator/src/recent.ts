/** The last `limit` items, in order: a record that stays bounded however long the simulator runs. */
export class Recent<T> {
  private items: T[] = [];

  constructor(private readonly limit: number) {}

  add(item: T): void {
    if (this.limit === 0) return;
    this.items.push(item);
    if (this.items.length >= this.limit * 2) this.items = this.items.slice(-this.limit);
  }

  list(): T[] {
    return this.items.slice(-this.limit);
  }

  clear(): void {
    this.items = [];
  }
}
