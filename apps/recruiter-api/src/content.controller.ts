import { getContent, getContentVersion, type InputOf } from '@assay/contracts/http';
import { Database, getContentVersionOf, newestContent } from '@assay/db';
import { Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';

@Controller()
export class ContentController {
  constructor(private readonly db: Database) {}

  @Endpoint(getContent)
  newest() {
    return newestContent(this.db.prisma);
  }

  @Endpoint(getContentVersion)
  version({ params }: InputOf<typeof getContentVersion>) {
    return getContentVersionOf(this.db.prisma, params.version);
  }
}
