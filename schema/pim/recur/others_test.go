package recur

// others are the cases of the truth in which we do not give what is expected, by the reason.
var others = map[string][]string{
	"refused: RFC 5545 is Gregorian, and of RFC 7529 only RSCALE=GREGORIAN is known": {
		"libical-0160", "libical-0161", "libical-0162", "libical-0163", "libical-0164", "libical-0165", "libical-0166", "libical-0167", "libical-0168", "libical-0169",
		"libical-0170", "libical-0171", "libical-0172", "libical-0173", "libical-0174", "libical-0175", "libical-0176", "libical-0177", "libical-0178", "libical-0179",
	},
	"refused: ordwk is 1 to 53, so that 0MO is no BYDAY, as sabre/vobject has it; here it is no day": {"ical.net-0255", "ical.net-0256", "ical.net-0257"},
	"a local time that does not exist is ignored, and not counted (section 3.3.10); these expect it an hour later": {
		"sabre-vobject-0399", "sabre-vobject-0400", "sabre-vobject-0404", "sabre-vobject-0407", "sabre-vobject-0414", "sabre-vobject-0420", "rust-rrule-0761",
	},
	"BYMONTHDAY expands a year, all its months (table in section 3.3.10), as dateutil and php-rrule expect; these take the month from DTSTART": {
		"libical-0076", "libical-0077", "ical.net-0223", "ical.net-0224", "ical.net-0247", "ical.js-0324",
	},
	"BYWEEKNO=-1 is the last week of the year; these count one week too many from the end": {
		"ical.js-0330", "ical.js-0331", "ical.js-0333", "sabre-vobject-0435",
	},
	"the weekday that a BYWEEKNO alone does not say is that of DTSTART, as libical, ical.net and sabre/vobject expect; these take all seven": {
		"dateutil-0492", "php-rrule-0786",
	},
	"INTERVAL counts from the year that the week of DTSTART belongs to, 2026, as in libical-0142 and ical.net-0182; these count from 2027": {
		"libical-0133", "libical-0134",
	},
	"DTSTART always counts as the first occurrence of COUNT; KDE adds it":                                        {"kcalendarcore-0963", "kcalendarcore-1000"},
	"an RDATE with a time in a series of whole days is none of RFC 5545: for us it is its day, once":             {"kcalendarcore-1067"},
	"there is no day -366 in a year of 365, and an invalid date is ignored":                                      {"sabre-vobject-0427"},
	"BYSECOND, BYMINUTE and BYYEARDAY of a DAILY rule are not to be ignored":                                     {"sabre-vobject-0447"},
	"the library has not implemented it: RFC 5545 has nothing against it":                                        {"libical-0079"},
	"what is there is in the year 9999; the library fails over when it ends":                                     {"ical.net-0207"},
	"these parts must not be written beside FREQ, but are: what libraries agree on is that they limit it":        {"ical.net-0253", "ical.net-0258", "ical.net-0259", "ical.net-0260"},
	"a BYWEEKNO beside FREQ=WEEKLY limits, and takes no weekday from DTSTART, as dateutil and php-rrule have it": {"ical.js-0278"},
}
