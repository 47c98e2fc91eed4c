import { parseS3Url } from './s3-location';

describe('the address of a bucket', () => {
  it.each([
    [
      's3://media',
      { endpoint: 'https://s3.us-east-1.amazonaws.com', region: 'us-east-1', bucket: 'media', prefix: '' },
    ],
    ['s3://media/omni/hub/', { bucket: 'media', prefix: 'omni/hub/' }],
    ['s3://media?region=eu-central-1', { endpoint: 'https://s3.eu-central-1.amazonaws.com' }],
    [
      's3://my.media/omni?endpoint=http://127.0.0.1:9000/&region=auto',
      { endpoint: 'http://127.0.0.1:9000', region: 'auto', bucket: 'my.media', prefix: 'omni/' },
    ],
  ])('%s', (text, expected) => expect(parseS3Url(text)).toMatchObject(expected));

  it.each([
    '',
    'https://media',
    's3://',
    's3://Media_1',
    's3://media:9000',
    's3://key:secret@media',
    's3://media?endpoint=minio:9000',
    's3://media?endpoint=https://key:secret@minio',
    's3://media?zone=eu',
    's3://media?region=EU/1',
    's3://media/a b',
    's3://media#part',
  ])('"%s" is none', (text) => expect(parseS3Url(text)).toBeNull());
});
