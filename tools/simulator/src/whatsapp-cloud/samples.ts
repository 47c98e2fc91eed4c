import type { Upload } from '../multipart';

const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

export const mediaKinds = ['image', 'video', 'audio', 'document', 'sticker'] as const;
export type MediaKind = (typeof mediaKinds)[number];
export type SampleKind = MediaKind | 'voice';

/** What people send when the test does not say which file. */
export const sampleFiles: Record<SampleKind, Upload> = {
  image: { filename: 'image.png', contentType: 'image/png', bytes: Buffer.from(onePixel, 'base64') },
  video: { filename: 'clip.mp4', contentType: 'video/mp4', bytes: Buffer.from('ftypmp42 simulated video') },
  voice: {
    filename: 'voice.ogg',
    contentType: 'audio/ogg; codecs=opus',
    bytes: Buffer.from('OggS simulated voice'),
  },
  audio: { filename: 'song.mp3', contentType: 'audio/mpeg', bytes: Buffer.from('ID3 simulated audio') },
  document: {
    filename: 'report.pdf',
    contentType: 'application/pdf',
    bytes: Buffer.from('%PDF-1.4 simulated'),
  },
  sticker: { filename: 'sticker.webp', contentType: 'image/webp', bytes: Buffer.from('RIFF simulated WEBP') },
};
