const [major, minor] = process.versions.node.split('.').map(Number);

/** Stops with a sentence where Node is too old: the hub requires ES modules from CommonJS, which Node learned late. */
export function checkNode() {
  const supported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 23;
  if (supported) return;
  console.error(
    `omni-hub needs Node.js 20.19 or later, 22.12 or later, or 24; this is ${process.version}.\n` +
      'Install a current one from https://nodejs.org, or run `nvm install 22`, and start again.',
  );
  process.exit(1);
}
