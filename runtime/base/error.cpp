#include "runtime/base/error.hpp"

#include <cstdio>
#include <cstdlib>

namespace switchboard {

std::string_view to_string(errc code) {
  switch (code) {
    case errc::invalid_argument:
      return "invalid_argument";
    case errc::unauthenticated:
      return "unauthenticated";
    case errc::permission_denied:
      return "permission_denied";
    case errc::not_found:
      return "not_found";
    case errc::already_exists:
      return "already_exists";
    case errc::failed_precondition:
      return "failed_precondition";
    case errc::aborted:
      return "aborted";
    case errc::resource_exhausted:
      return "resource_exhausted";
    case errc::deadline_exceeded:
      return "deadline_exceeded";
    case errc::unavailable:
      return "unavailable";
    case errc::unimplemented:
      return "unimplemented";
    case errc::internal:
      return "internal";
  }
  return "internal";
}

tl::unexpected<error> fail(errc code, std::string message, std::string field) {
  return tl::unexpected<error>(error{code, std::move(message), std::move(field), {}, 0});
}

void broken_invariant(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "switchboard: broken invariant: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

}  // namespace switchboard
