import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './numbers';

/** How long the disk takes to make 16 kB durable, milliseconds: what every commit has to wait for. */
export function fsyncMs(): number {
  const folder = mkdtempSync(join(tmpdir(), 'omni-bench-'));
  const file = openSync(join(folder, 'probe'), 'w');
  const page = Buffer.alloc(16_384);
  try {
    const times = Array.from({ length: 100 }, () => {
      writeSync(file, page);
      const startedAt = performance.now();
      fdatasyncSync(file);
      return performance.now() - startedAt;
    });
    return median(times);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}
