import { getFeedback, type InputOf, listCompetencies } from '@assay/contracts/http';
import { Database, getFeedbackOf, newestContent } from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';

@Controller()
export class FeedbackController {
  constructor(private readonly db: Database) {}

  @Endpoint(getFeedback)
  get(_: InputOf<typeof getFeedback>, { caller }: Call<typeof getFeedback>) {
    return getFeedbackOf(this.db, caller.attemptId);
  }

  @Endpoint(listCompetencies)
  async competencies() {
    const { content } = await newestContent(this.db.prisma);
    return { items: content.competencies.map(({ id, name, summary }) => ({ id, name, summary })) };
  }
}
