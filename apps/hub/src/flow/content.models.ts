import type { ContentType, MediaKind, MessageId } from '@omni-hub/contracts';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  Equals,
  IsArray,
  IsBase64,
  IsBoolean,
  IsIn,
  IsLatitude,
  IsLongitude,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  MaxLength,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

const webUrl = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };
const maxText = 200_000;

const sourcesOf = ({ url, data, mediaId }: object & Partial<MediaModel>) =>
  [url, data, mediaId].filter((source) => source !== undefined).length;

export class TextModel {
  @Equals('text') type: 'text';
  @IsString() @IsNotEmpty() @MaxLength(maxText) text: string;
}

export class MediaModel {
  @IsIn(['image', 'video', 'audio', 'voice', 'document', 'sticker']) type: MediaKind;
  @ValidateIf((media) => media.url !== undefined || sourcesOf(media) !== 1)
  @IsUrl(webUrl)
  @ValidateBy({
    name: 'isOnlySource',
    validator: {
      validate: (_url, of) => sourcesOf(of!.object) === 1,
      defaultMessage: () => 'exactly one of url, data and mediaId says where the file is',
    },
  })
  url?: string;
  @ValidateIf(({ data }) => data !== undefined) @IsBase64() @IsNotEmpty() data?: string;
  @ValidateIf(({ mediaId }) => mediaId !== undefined)
  @Matches(/^[0-9a-f-]{36}(\.\d{1,3})?$/, {
    message: 'mediaId must be that of an attachment or of an upload',
  })
  mediaId?: string;
  @IsOptional() @IsString() @MaxLength(200) mimeType?: string;
  @IsOptional() @IsString() @MaxLength(255) filename?: string;
  @IsOptional() @IsString() @MaxLength(maxText) caption?: string;
  @IsOptional() @IsString() @MaxLength(maxText) spoken?: string;
}

export class AlbumModel {
  @Equals('album') type: 'album';
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => MediaModel)
  items: MediaModel[];
}

export class LocationModel {
  @Equals('location') type: 'location';
  @IsNumber() @IsLatitude() latitude: number;
  @IsNumber() @IsLongitude() longitude: number;
  @IsOptional() @IsString() @MaxLength(500) name?: string;
  @IsOptional() @IsString() @MaxLength(500) address?: string;
}

export class ContactModel {
  @Equals('contact') type: 'contact';
  @IsString() @IsNotEmpty() @MaxLength(200) name: string;
  @IsString() @IsNotEmpty() @MaxLength(40) phone: string;
}

export class PollModel {
  @Equals('poll') type: 'poll';
  @IsString() @IsNotEmpty() @MaxLength(1000) question: string;
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @IsNotEmpty({ each: true })
  options: string[];
  @IsOptional() @IsBoolean() multiple?: boolean;
}

export class ButtonModel {
  @IsString() @IsNotEmpty() @MaxLength(200) label: string;
  @ValidateIf(({ id, url }) => id != null || url == null)
  @IsString()
  @IsNotEmpty()
  @MaxLength(4000)
  id?: string;
  @ValidateIf(({ id, url }) => url != null || id == null) @IsUrl(webUrl) url?: string;
}

export class ButtonsModel {
  @Equals('buttons') type: 'buttons';
  @IsString() @IsNotEmpty() @MaxLength(maxText) text: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => ButtonModel)
  buttons: ButtonModel[];
}

export class ListRowModel {
  @IsString() @IsNotEmpty() @MaxLength(4000) id: string;
  @IsString() @IsNotEmpty() @MaxLength(200) label: string;
  @IsOptional() @IsString() @MaxLength(1000) description?: string;
}

export class ListSectionModel {
  @IsOptional() @IsString() @MaxLength(200) title?: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => ListRowModel)
  rows: ListRowModel[];
}

export class ListModel {
  @Equals('list') type: 'list';
  @IsString() @IsNotEmpty() @MaxLength(maxText) text: string;
  @IsString() @IsNotEmpty() @MaxLength(200) button: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => ListSectionModel)
  sections: ListSectionModel[];
}

export class TemplateModel {
  @Equals('template') type: 'template';
  @IsString() @IsNotEmpty() @MaxLength(512) name: string;
  @IsString() @IsNotEmpty() @MaxLength(20) language: string;
  @IsOptional() @IsArray() components?: unknown[];
}

export class ReactionModel {
  @Equals('reaction') type: 'reaction';
  @IsString() @IsNotEmpty() messageId: MessageId;
  @IsString() @MaxLength(64) emoji: string;
}

export class EditModel {
  @Equals('edit') type: 'edit';
  @IsString() @IsNotEmpty() messageId: MessageId;
  @IsString() @IsNotEmpty() @MaxLength(maxText) text: string;
}

export class DeleteModel {
  @Equals('delete') type: 'delete';
  @IsString() @IsNotEmpty() messageId: MessageId;
}

/** The class that checks each type of content. */
export const contentModels: Record<ContentType, new () => object> = {
  text: TextModel,
  image: MediaModel,
  video: MediaModel,
  audio: MediaModel,
  voice: MediaModel,
  document: MediaModel,
  sticker: MediaModel,
  album: AlbumModel,
  location: LocationModel,
  contact: ContactModel,
  poll: PollModel,
  buttons: ButtonsModel,
  list: ListModel,
  template: TemplateModel,
  reaction: ReactionModel,
  edit: EditModel,
  delete: DeleteModel,
};
