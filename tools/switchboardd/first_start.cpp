#include "tools/switchboardd/first_start.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/random.h>

#include "adapters/center/embedded_centers.hpp"
#include "config/token.hpp"
#include "runtime/store/private_files.hpp"
#include "tools/command_line/demo_folder.hpp"

namespace switchboard {
namespace {

namespace fs = std::filesystem;

constexpr auto options_text =
    "# Made by the first start of switchboardd without a file; yours to edit.\n"
    "# What is not here is at its default: switchboardd --help lists all options.\n"
    "data_dir: data\n"
    "control_socket: control.sock\n"
    "dispatch: dispatch.yaml\n"
    "centers: {dir: centers}\n";

constexpr auto dispatch_text =
    "# Groups, channels and rules; yours to edit. Agents made by `switchboardctl account create` "
    "are "
    "kept by\n"
    "# the daemon and need not stand here. A change counts after `switchboardctl rules apply "
    "FILE`.\n"
    "groups:\n"
    "  - {id: general, name: General}\n"
    "channels:\n"
    "  # The SHA-256 of the token in web.token.\n"
    "  - {id: web, kind: chat, token_sha256: ";

constexpr auto rules_text =
    "}\n"
    "rules:\n"
    "  - {name: everyone, steps: [{group: general}]}\n";

/// Where a start without a file keeps what it makes.
std::string folder_of(const char* below_state_home, const char* here) {
  const char* home = std::getenv("XDG_STATE_HOME");
  std::error_code ec;
  // A relative one is to be left out of account, says the specification.
  if (home && *home == '/') return fs::path(home) / below_state_home;
  return fs::absolute(here, ec).string();
}

result<void> write(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) return fail(errc::unavailable, path + ": cannot be written");
  store::make_private_file(path);
  return {};
}

std::string random_token() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    std::abort();
  std::string out;
  for (auto b : bytes) {
    out += "0123456789abcdef"[b >> 4];
    out += "0123456789abcdef"[b & 15];
  }
  return out;
}

bool is_empty(const std::string& folder) {
  std::error_code ec;
  return !fs::exists(folder, ec) || fs::is_empty(folder, ec);
}

/// The file that names the others comes last: without it the folder is none of ours, or not whole.
result<void> make_shop(const std::string& folder) {
  if (!is_empty(folder))
    return fail(errc::failed_precondition,
                folder +
                    " holds something and no switchboardd.yaml: move it away, start in another "
                    "folder, or name a file with --config");
  if (auto ok = store::make_private_directory(folder); !ok) return ok;
  const auto token = random_token();
  if (auto ok = write(folder + "/web.token", token + '\n'); !ok) return ok;
  std::error_code ec;
  // As switchboard-channel wants it.
  fs::permissions(folder + "/web.token", fs::perms::owner_read | fs::perms::owner_write, ec);
  if (auto ok =
          write(folder + "/dispatch.yaml", dispatch_text + config::sha256_hex(token) + rules_text);
      !ok)
    return ok;
  return write(folder + "/switchboardd.yaml", options_text);
}

std::string places(const std::string& folder, std::string_view clients) {
  return "  everything   " + folder + "\n  clients      " + std::string(clients) +
         "\n  control      " + folder + "/control.sock\n";
}

/// The demo's mark says how far its centers were filled.
constexpr auto mark_name = "/demo.state";
constexpr auto begun = "begun", filled = "filled";

std::string mark_of(const std::string& folder) {
  std::string word;
  std::ifstream(folder + mark_name) >> word;
  return word;
}

result<void> fill(const std::string& dir, const std::string& from) {
  struct source {
    center::center_kind kind;
    center::import_format format;
    const char* file;
  };
  constexpr source sources[] = {
      {center::center_kind::member, center::import_format::csv, "members.csv"},
      {center::center_kind::tag, center::import_format::jsonl, "tags.jsonl"},
      {center::center_kind::product, center::import_format::csv, "products.csv"},
      {center::center_kind::order, center::import_format::jsonl, "orders.jsonl"}};
  auto centers = center::embedded_centers::open({.dir = dir});
  if (!centers) return tl::unexpected(centers.error());
  for (auto& s : sources) {
    std::ifstream in(from + '/' + s.file, std::ios::binary);
    if (!in) return fail(errc::not_found, from + '/' + s.file + ": cannot be read");
    auto done = (*centers)->import({s.kind, s.format, center::import_mode::replace, s.file}, in);
    if (!done.good()) return fail(errc::invalid_argument, center::to_string(done.errors.front()));
  }
  return {};
}

/// What is there, in a word to whoever starts it.
result<void> prepare_demo(const std::string& folder, const std::string& from) {
  const auto mark = mark_of(folder);
  if (mark == filled) {
    std::fprintf(stderr,
                 "switchboardd: goes on with the demo that was played in %s; remove that folder to "
                 "begin anew\n",
                 folder.c_str());
    return {};
  }
  if (mark == begun) {
    std::fprintf(
        stderr,
        "switchboardd: the demo in %s was begun and its data never filled to the end: they "
        "are filled anew\n",
        folder.c_str());
  } else if (!is_empty(folder)) {
    return fail(
        errc::failed_precondition,
        folder + " holds something that is no demo: move it away, or start in another folder");
  }
  if (auto ok = store::make_private_directory(folder); !ok) return ok;
  if (auto ok = write(folder + mark_name, begun); !ok) return ok;
  if (auto ok = fill(folder + "/centers", from); !ok) return ok;
  return write(folder + mark_name, filled);
}

}  // namespace

result<first_start> start_of_empty_shop() {
  const auto folder = folder_of("switchboard", "switchboard-data");
  std::error_code ec;
  const bool there = fs::exists(folder + "/switchboardd.yaml", ec);
  if (!there) {
    if (auto ok = make_shop(folder); !ok) return tl::unexpected(ok.error());
  }
  auto welcome = [folder, there](std::string_view clients) {
    return std::string(there ? "The shop is open again.\n" : "An empty shop is open.\n") +
           places(folder, clients) +
           "Make an agent and a token for it, and be that agent; then a customer of the channel "
           "web, "
           "each in a\nterminal of its own:\n"
           "  export SWITCHBOARD_SOCKET=" +
           folder +
           "/control.sock\n"
           "  switchboardctl account create lin --groups general\n"
           "  switchboardctl account token lin\n"
           "  SWITCHBOARD_TOKEN=... switchboard-channel chat --role agent --id lin\n"
           "  switchboard-channel chat --channel web --token-file " +
           folder +
           "/web.token\n"
           "Then: groups, channels and rules in dispatch.yaml there, options in "
           "switchboardd.yaml.\n";
  };
  return first_start{folder + "/switchboardd.yaml", {}, std::move(welcome)};
}

result<first_start> start_of_demo() {
  const auto from = demo_folder();
  if (from.empty())
    return fail(
        errc::not_found,
        "the demo's files are neither in ../share/switchboard/demo of this program nor in a "
        "source tree around it");
  const auto folder = folder_of("switchboard-demo", "switchboard-demo-data");
  if (auto ok = prepare_demo(folder, from); !ok) return tl::unexpected(ok.error());
  auto welcome = [folder](std::string_view clients) {
    return "The demo's shop is open.\n" + places(folder, clients) +
           "Tokens are \"demo-\" and the id, good for a demonstration only: the agents lin, wang, "
           "zhao "
           "and others,\nthe channels app and official_account, the administrator admin. In other "
           "terminals:\n"
           "  switchboard-demo\n"
           "  SWITCHBOARD_TOKEN=demo-wang switchboard-channel chat --role agent --id wang\n"
           "  SWITCHBOARD_TOKEN=demo-app switchboard-channel chat --channel app\n"
           "  switchboardctl --socket " +
           folder + "/control.sock status\n";
  };
  return first_start{from + "/demo.yaml",
                     {"data_dir=" + folder + "/data", "control_socket=" + folder + "/control.sock",
                      "centers.dir=" + folder + "/centers"},
                     std::move(welcome)};
}

}  // namespace switchboard
