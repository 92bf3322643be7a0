#include "adapters/center/import_report.hpp"

namespace switchboard::center {

std::string to_string(const import_error& e) {
  std::string out = e.source;
  if (e.line > 0) out += ":" + std::to_string(e.line);
  out += ": ";
  if (!e.field.empty()) out += e.field + ": ";
  return out + e.message;
}

void import_errors::add(int line, std::string field, std::string message) {
  if (report_.errors.size() < most) {
    report_.errors.push_back({source_, line, std::move(field), std::move(message)});
  } else {
    ++report_.more_errors;
  }
}

}  // namespace switchboard::center
