import { upload } from './format';

const nameOf = (mimeType: string | null, filename: string | null = null) =>
  upload({ mimeType, filename }).filename;

describe('what a service is told of a file', () => {
  it.each([
    ['audio/ogg; codecs=opus', 'audio.ogg'],
    ['AUDIO/OGG', 'audio.ogg'],
    ['audio/mpeg', 'audio.mp3'],
    ['audio/mp4', 'audio.m4a'],
    ['audio/x-wav', 'audio.wav'],
    ['audio/webm', 'audio.webm'],
  ])('ends as its type %s does', (mimeType, name) => {
    expect(nameOf(mimeType)).toBe(name);
  });

  it('ends as its name where the type tells nothing, and as voice notes do where that tells nothing too', () => {
    expect(nameOf('application/octet-stream', 'Song.FLAC')).toBe('audio.flac');
    expect(nameOf(null, 'a recording')).toBe('audio.ogg');
    expect(nameOf(null)).toBe('audio.ogg');
  });

  it('never holds what a person wrote', () => {
    expect(nameOf(null, 'my "secret"\r\nx: y.mp3')).toBe('audio.mp3');
    expect(upload({ mimeType: 'audio/ogg\r\nx: y', filename: null }).contentType).toBe(
      'application/octet-stream',
    );
  });
});
