import { createAssessment, type InputOf, listAssessments, listTasks } from '@assay/contracts/http';
import { Database, insertAssessment, listAssessmentsOf, listPublishedTasks } from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';

@Controller()
export class AssessmentsController {
  constructor(private readonly db: Database) {}

  @Endpoint(listTasks)
  async tasks() {
    return { items: await listPublishedTasks(this.db.prisma) };
  }

  @Endpoint(createAssessment)
  create({ body }: InputOf<typeof createAssessment>, { caller }: Call<typeof createAssessment>) {
    return insertAssessment(this.db, caller, body);
  }

  @Endpoint(listAssessments)
  list({ query }: InputOf<typeof listAssessments>, { caller }: Call<typeof listAssessments>) {
    return listAssessmentsOf(this.db, caller, query);
  }
}
