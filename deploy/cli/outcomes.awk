# Reads a TRX file and writes the tests of one outcome with their messages: skipped ones a line each, failed ones whole.
function text(s) {
  gsub(/&lt;/, "<", s); gsub(/&gt;/, ">", s); gsub(/&quot;/, "\"", s); gsub(/&apos;/, "'", s)
  gsub(/&#xD;/, "", s); gsub(/&amp;/, "\\&", s)
  return s
}
function attribute(name) {
  return match($0, " " name "=\"[^\"]*\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : ""
}
/<UnitTestResult / {
  chosen = attribute("outcome") == outcome || (outcome == "Failed" && attribute("outcome") ~ /Timeout|Aborted|Error/)
  if (chosen) {
    name = text(attribute("testName"))
    if (outcome == "Failed") printf "\nfailed: %s: %s\n", project, name
    said = 0
  }
}
chosen && /<Message>/ { message = 1 }
chosen && /<StackTrace>/ { trace = 1 }
chosen && (message || (trace && outcome == "Failed")) {
  line = $0
  gsub(/<\/?(Message|StackTrace)>/, "", line)
  line = text(line)
  if (outcome == "Failed") {
    # Of the trace, our own lines: where in the test, not how it was called.
    if (line !~ /^ *$/ && (message || line ~ /^ +at Tributary\./) && said++ < 40) print "  " line
  }
  else if (!said++) { sub(/^ +/, "", line); printf "skipped: %s: %s: %s\n", project, name, line }
}
/<\/Message>/ { message = 0 }
/<\/StackTrace>/ { trace = 0 }
/<\/UnitTestResult>/ || (/<UnitTestResult .*\/>/) {
  if (chosen && outcome != "Failed" && !said) printf "skipped: %s: %s\n", project, name
  chosen = message = trace = 0
}
