import { join } from 'node:path';
import type { HubConfig } from '../../config/hub.config';
import { FolderStore } from './folder-store';
import type { MediaStore } from './media-store';
import { parseS3Url } from '../../config/s3-location';
import { S3Store } from './s3-store';

/** The store that the settings name; no I/O. */
export function openMediaStore(config: HubConfig): MediaStore {
  const { dataDir, mediaUrl, mediaAccessKey, mediaSecretKey } = config;
  const location = mediaUrl === undefined ? null : parseS3Url(mediaUrl);
  if (!location) return new FolderStore(join(dataDir, 'media'));
  return new S3Store(location, {
    accessKeyId: mediaAccessKey ?? '',
    secretAccessKey: mediaSecretKey ?? '',
  });
}
