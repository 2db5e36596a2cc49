import { findDataFolder, makeDataFolder } from './data-folder.mjs';
import { readPorts } from './ports.mjs';

/** What our own commands read from their environment: the data folder, which is made, and where the APIs are. */
export async function commandEnvironment() {
  const { path: home } = findDataFolder();
  await makeDataFolder(home);
  const ports = readPorts();
  return {
    ASSAY_HOME: home,
    ASSAY_PUBLIC_URL: process.env.ASSAY_PUBLIC_URL ?? `http://localhost:${ports.recruiterApi}`,
    ASSAY_CANDIDATE_URL: process.env.ASSAY_CANDIDATE_URL ?? `http://localhost:${ports.assessmentApi}`,
  };
}
