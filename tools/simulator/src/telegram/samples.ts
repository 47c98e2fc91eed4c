import type { Upload } from '../multipart';

const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What people send when the test does not say which file. */
export const sampleFiles = {
  photo: { filename: 'photo.jpg', contentType: 'image/jpeg', bytes: Buffer.from(onePixel, 'base64') },
  voice: { filename: 'voice.oga', contentType: 'audio/ogg', bytes: Buffer.from('OggS simulated voice') },
  audio: { filename: 'song.mp3', contentType: 'audio/mpeg', bytes: Buffer.from('ID3 simulated audio') },
  video: { filename: 'clip.mp4', contentType: 'video/mp4', bytes: Buffer.from('ftypmp42 simulated video') },
  animation: {
    filename: 'loop.mp4',
    contentType: 'video/mp4',
    bytes: Buffer.from('ftypmp42 simulated loop'),
  },
  video_note: {
    filename: 'note.mp4',
    contentType: 'video/mp4',
    bytes: Buffer.from('ftypmp42 simulated note'),
  },
  document: {
    filename: 'report.pdf',
    contentType: 'application/pdf',
    bytes: Buffer.from('%PDF-1.4 simulated'),
  },
  sticker: { filename: 'sticker.webp', contentType: 'image/webp', bytes: Buffer.from('RIFF simulated WEBP') },
} satisfies Record<string, Upload>;

export type SampleKind = keyof typeof sampleFiles;
