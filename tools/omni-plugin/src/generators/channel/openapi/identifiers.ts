/** Words of a name: `get /users/{id}` has get, users and id. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
}

/** `user_profile` as `UserProfile`. */
export function typeName(name: string): string {
  const joined = wordsOf(name)
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join('');
  return /^[A-Za-z]/.test(joined) ? joined : `Type${joined}`;
}

/** `Send-message` as `sendMessage`. */
export function methodName(name: string): string {
  const joined = typeName(name);
  return joined[0].toLowerCase() + joined.slice(1);
}

/** The name, or with a suffix and then a number where it is taken; it is taken afterwards. */
export function claim(taken: Set<string>, name: string, suffix: string): string {
  let free = name;
  for (let count = 1; taken.has(free); count++) free = `${name}${suffix}${count > 1 ? count : ''}`;
  taken.add(free);
  return free;
}
