// Everything that the pages do, one behaviour per file; each works on whatever arrives later by htmx.

import "./htmx-setup.js";
import "./addresses.js";
import "./articles.js";
import "./company.js";
import "./countries.js";
import "./drops.js";
import "./duplicates.js";
import "./errors.js";
import "./index.js";
import "./keep.js";
import "./maps.js";
import "./menu.js";
import "./once.js";
import "./places.js";
import "./referrers.js";
import "./reorder.js";
import "./reveal.js";
import "./search.js";
import "./selection.js";
import "./sheet.js";
import "./shortcuts.js";
import "./theirs.js";
import "./toast.js";
import "./upload.js";
