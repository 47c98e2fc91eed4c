/** What a conversation shows of itself. */
export interface Terminal {
  /** A line of the chat. */
  line(text: string): void;
  /** What happens around it. */
  remark(text: string): void;
}

const width = 19;

/** Lines of one platform, each behind its name. */
export function terminalOf(platform: string): Terminal {
  const prefix = `  ${platform.padEnd(width)}│ `;
  return {
    line: (text) => console.log(prefix + text.replaceAll('\n', `\n${prefix}    `)),
    remark: (text) => console.log(`${prefix}(${text})`),
  };
}
