/**
 * Stops this process when the npm that started it is gone. npm passes a SIGTERM on to the shell between the two, and the
 * shell ends without passing it on: what it ran would live on unseen.
 */
export function stopWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}
