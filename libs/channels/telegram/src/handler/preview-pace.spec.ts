import type { ChatId } from '@omni-hub/contracts';
import { PreviewPace } from './preview-pace';

const chat = (name: string | number) => `telegram:-${name}` as ChatId;

describe('the pace of previews', () => {
  it('is one in six seconds for a chat', () => {
    const pace = new PreviewPace();
    const taken = [0, 1_000, 5_999, 6_000, 11_999, 12_000].map((now) => pace.take(chat(1), now));
    expect(taken).toEqual([true, false, false, true, false, true]);
  });

  it("is each chat's own", () => {
    const pace = new PreviewPace();
    expect([pace.take(chat(1), 0), pace.take(chat(2), 0)]).toEqual([true, true]);
  });

  it('remembers the thousand chats that were shown last', () => {
    const pace = new PreviewPace();
    for (let number = 0; number <= 1_000; number++) pace.take(chat(number), 0);
    expect([pace.take(chat(1_000), 1), pace.take(chat(1), 1), pace.take(chat(0), 1)]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
