import type { Finding } from './rule';

/** The findings for a person, those of one rule together. */
export function textReport(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'The doctor finds nothing.';
  const broken = [...new Set(findings.map(({ rule }) => rule))];
  const parts = broken.map((rule) => {
    const found = findings.filter((finding) => finding.rule === rule);
    const [{ why }] = found;
    const lines = found.map(({ file, problem, fix }) => `  ${file}: ${problem}\n    mend it: ${fix}`);
    return `${rule}  docs/patterns/doctor.md#${anchor(rule)}\n${lines.join('\n')}\n    why it matters: ${why}`;
  });
  const fixable = findings.filter(({ mended }) => mended !== undefined).length;
  const hint = fixable > 0 ? `; \`npm run doctor -- --fix\` mends ${fixable}` : '';
  return `${parts.join('\n\n')}\n\n${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}${hint}`;
}

/** The findings for a program: a list of `{rule, file, problem, why, fix, fixable}`. */
export function jsonReport(findings: readonly Finding[]): string {
  const told = findings.map(({ mended, ...finding }) => ({ ...finding, fixable: mended !== undefined }));
  return JSON.stringify(told, null, 2);
}

function anchor(rule: string): string {
  return rule.toLowerCase();
}
