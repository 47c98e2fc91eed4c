/** Puts text before the only place that has `mark`. Throws where there is no such place, or several. */
export function insertBefore(text: string, addition: string, mark: string): string {
  return replaceOnce(text, mark, `${addition}${mark}`);
}

/** Puts text behind the only place that has `mark`. Throws where there is no such place, or several. */
export function insertBehind(text: string, addition: string, mark: string): string {
  return replaceOnce(text, mark, `${mark}${addition}`);
}

function replaceOnce(text: string, mark: string, replacement: string): string {
  const parts = text.split(mark);
  if (parts.length === 2) return parts.join(replacement);
  const found = parts.length === 1 ? 'is not there' : `is there ${parts.length - 1} times`;
  throw new Error(`"${mark.trim()}", beside which something has to be put, ${found}`);
}
