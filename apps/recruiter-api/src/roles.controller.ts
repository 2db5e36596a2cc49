import { closeRole, createRole, getRole, type InputOf, listRoles } from '@assay/contracts/http';
import { closeRoleOf, Database, getRoleOf, insertRole, listRolesOf } from '@assay/db';
import { type Call, Endpoint } from '@assay/platform';
import { Controller } from '@nestjs/common';

@Controller()
export class RolesController {
  constructor(private readonly db: Database) {}

  @Endpoint(createRole)
  create({ body }: InputOf<typeof createRole>, { caller }: Call<typeof createRole>) {
    return insertRole(this.db, caller, body);
  }

  @Endpoint(listRoles)
  list({ query }: InputOf<typeof listRoles>, { caller }: Call<typeof listRoles>) {
    return listRolesOf(this.db, caller, query);
  }

  @Endpoint(getRole)
  get({ params }: InputOf<typeof getRole>, { caller }: Call<typeof getRole>) {
    return getRoleOf(this.db.prisma, caller, params.roleId);
  }

  @Endpoint(closeRole)
  close({ params }: InputOf<typeof closeRole>, { caller }: Call<typeof closeRole>) {
    return closeRoleOf(this.db, caller, params.roleId);
  }
}
