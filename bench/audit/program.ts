// Audits the folder named by its argument, none without one; says how much memory it held at most (bytes).
import { auditFolder } from "../../lib/audit";

const [folder] = process.argv.slice(2);
if (folder !== undefined) await auditFolder(folder, { depth: 2 });
console.log(process.resourceUsage().maxRSS * 1024);
