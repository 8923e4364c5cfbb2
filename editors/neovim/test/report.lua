-- Runs checks one after the other, and says which of them failed.

local report = { passed = 0, failed = 0 }

--- Waits until `condition` gives something, and gives it.
function report.wait(what, condition)
  local value
  local came = vim.wait(20000, function()
    value = condition()
    return value
  end, 20)
  assert(came, "waited in vain for " .. what)
  return value
end

function report.check(name, body)
  local ok, message = pcall(body)
  if ok then
    report.passed = report.passed + 1
  else
    report.failed = report.failed + 1
    io.stderr:write(("failed: %s\n%s\n"):format(name, message))
  end
end

--- Runs a file of checks, says how many passed, and ends the editor; what breaks outside of a check is a failure, too.
function report.run(path)
  local ok, message = pcall(dofile, path)
  if not ok then
    report.failed = report.failed + 1
    io.stderr:write(("failed: %s\n%s\n"):format(path, message))
  end
  local version = vim.version()
  local summary = "\nNeovim %d.%d.%d, %s: %d passed, %d failed\n"
  local name = vim.fn.fnamemodify(path, ":t:r")
  io.stderr:write(summary:format(version.major, version.minor, version.patch, name, report.passed, report.failed))
  vim.cmd(report.failed == 0 and "qall!" or "cquit")
end

return report
