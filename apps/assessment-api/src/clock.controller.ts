import { beginBreak, endBreak, type InputOf, sendHeartbeat } from '@assay/contracts/http';
import { beginBreakOf, Database, endBreakOf, recordHeartbeat } from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';

@Controller()
export class ClockController {
  constructor(private readonly db: Database) {}

  @Endpoint(sendHeartbeat)
  heartbeat({ body }: InputOf<typeof sendHeartbeat>, { caller }: Call<typeof sendHeartbeat>) {
    return recordHeartbeat(this.db, caller.attemptId, body.editsWhileAway);
  }

  @Endpoint(beginBreak)
  begin(_: InputOf<typeof beginBreak>, { caller }: Call<typeof beginBreak>) {
    return beginBreakOf(this.db, caller.attemptId);
  }

  @Endpoint(endBreak)
  end(_: InputOf<typeof endBreak>, { caller }: Call<typeof endBreak>) {
    return endBreakOf(this.db, caller.attemptId);
  }
}
