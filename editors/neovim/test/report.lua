-- Runs checks one after the other, says which failed and how many did, and ends the editor.

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
  local ok, message = xpcall(body, debug.traceback)
  if ok then
    report.passed = report.passed + 1
  else
    report.failed = report.failed + 1
    io.stderr:write(("failed: %s\n%s\n"):format(name, message))
  end
end

--- Runs a file of checks; what breaks outside of them is a failure, too.
function report.run(path)
  report.check(path, function()
    dofile(path)
  end)
  report.passed = report.passed - 1
  local version = vim.version()
  local what = ("Neovim %d.%d.%d"):format(version.major, version.minor, version.patch)
  io.stderr:write(("%s: %d passed, %d failed\n"):format(what, report.passed, report.failed))
  vim.cmd(report.failed == 0 and "qall!" or "cquit")
end

return report
