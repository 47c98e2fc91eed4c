import { RejectedError } from './errors/errors';
import { requireSize } from './files';

describe('a file that the platform does not take', () => {
  it('is refused in words before it leaves', () => {
    expect(() => requireSize({ size: 10_485_760 }, 10_485_760, 'Acme: a photo')).not.toThrow();
    const refused = () => requireSize({ size: 12_000_000 }, 10_485_760, 'Acme: a photo');
    expect(refused).toThrow(RejectedError);
    expect(refused).toThrow('Acme: a photo may have 10 MB at most, and this has 11.4 MB');
  });

  it('names small sizes in their own units', () => {
    expect(() => requireSize({ size: 2_000 }, 1_024, 'A sticker')).toThrow('1 KB at most, and this has 2 KB');
    expect(() => requireSize({ size: 12 }, 10, 'A sticker')).toThrow(
      '10 bytes at most, and this has 12 bytes',
    );
  });
});
