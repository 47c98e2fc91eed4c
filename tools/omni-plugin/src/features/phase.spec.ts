import { isReleased, mentions, standingOf, type Phase, type Truth } from './phase';

const done: Truth = {
  feature: 'line',
  analysisProblems: [],
  exists: true,
  built: true,
  tested: true,
  validated: true,
  deployed: true,
  lastFailures: 0,
  conformance: { tier: 'complete', exempt: [] },
  released: false,
};

describe('the phase of a feature', () => {
  it.each<[Partial<Truth>, Phase, RegExp]>([
    [{ analysisProblems: ['"Plan" lists no step'] }, 'planned', /"Plan" lists no step/],
    [{ exists: false }, 'analysed', /no code/],
    [{ built: false }, 'analysed', /^npx nx build features --feature=line$/],
    [{ lastFailures: 2 }, 'built', /counted 2 failures/],
    [{ tested: false, lastFailures: null }, 'built', /^npx nx test features/],
    [{ conformance: { tier: 'required', exempt: [] } }, 'tested', /required rules only/],
    [{ validated: false }, 'tested', /^npx nx validate features/],
    [{ deployed: false, conformance: null }, 'validated', /^npx nx deploy features/],
    [{}, 'deployed', /CHANGELOG/],
    [{ released: true, deployed: false }, 'released', /^$/],
  ])('with %j is %s', (truth, phase, next) => {
    const standing = standingOf({ ...done, ...truth });
    expect(standing.phase).toBe(phase);
    expect(standing.next).toMatch(next);
  });

  it('is never further than what comes before allows', () => {
    expect(standingOf({ ...done, built: false }).phase).toBe('analysed');
    expect(standingOf({ ...done, analysisProblems: ['no'], built: true }).phase).toBe('planned');
  });
});

describe('a release', () => {
  const changelog =
    '# Changelog\n\n## [Unreleased]\n\n- Line Works.\n\n## [1.2.0] - 2026-11-01\n\n- Telegram.\n';

  it('counts when its part of the changelog names the feature', () => {
    expect(isReleased(changelog, ['telegram'])).toBe(true);
    expect(isReleased(changelog, ['line-works', 'Line Works'])).toBe(false);
    expect(isReleased('', ['telegram'])).toBe(false);
  });

  it('names it by a word of its own', () => {
    expect(mentions('The channel (Line).', ['line'])).toBe(true);
    expect(mentions('An outline, online, line-works, liner', ['line'])).toBe(false);
  });
});
