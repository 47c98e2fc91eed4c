import { About } from '@omni-hub/channel-sdk';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** Lists are read page by page: `nextCursor` of one answer is `cursor` of the next request. */
export class PageQuery {
  @About('How many entries at most.')
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @About('Where the page before ended.')
  @IsOptional()
  @IsString()
  @MaxLength(200)
  cursor?: string;
}
