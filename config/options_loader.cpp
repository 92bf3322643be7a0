#include "config/options_loader.hpp"

#include <exception>
#include <filesystem>

#include "config/option_table.hpp"
#include "config/yaml_value.hpp"
#include "runtime/base/text.hpp"

namespace switchboard::config {
namespace {

/// The names that may follow `prefix` ("log." has level, format and file).
std::vector<std::string> names_below(const std::string& prefix) {
  std::vector<std::string> out;
  for (const auto& one : option_table()) {
    if (!one.key.starts_with(prefix)) continue;
    auto rest = one.key.substr(prefix.size());
    auto name = std::string(rest.substr(0, rest.find('.')));
    if (out.empty() || out.back() != name) out.push_back(name);
  }
  return out;
}

std::string from_folder(const std::string& folder, const std::string& path) {
  if (folder.empty() || path.empty()) return path;
  return (std::filesystem::path(folder) / path).lexically_normal().string();
}

void refuse_key(const std::string& name, const std::string& prefix, const yaml_value& value) {
  auto near = nearest_name(name, names_below(prefix));
  value.refuse(near.empty() ? "unknown key" : "unknown key; did you mean \"" + near + "\"?");
}

void read_one(const option& declared, const yaml_value& value, daemon_options& out) {
  // An empty value is how a path is left unset.
  if (!value.node().IsScalar() && !value.node().IsNull()) {
    value.refuse("expected one value");
    return;
  }
  auto text = value.scalar();
  if (auto why = declared.refusal(text); !why.empty()) {
    value.refuse(why);
  } else {
    declared.store(out, text);
  }
}

/// Sections nest as the dotted keys do.
void read_section(const yaml_value& section, const std::string& prefix, daemon_options& out) {
  yaml_map map(section);
  for (const auto& [name, value] : map.entries()) {
    auto key = prefix + name;
    if (auto declared = find_option(key)) {
      read_one(*declared, value, out);
    } else if (!names_below(key + ".").empty()) {
      read_section(value, key + ".", out);
    } else {
      refuse_key(name, prefix, value);
    }
  }
}

// Defaults that are relative count from the file's folder like those that are written.
void resolve_paths(daemon_options& out, const std::string& folder) {
  for (const auto& one : option_table()) {
    if (one.kind == option_kind::path) one.store(out, from_folder(folder, one.show(out)));
  }
}

checked<daemon_options> parse(std::string_view text, const std::string& folder,
                              error_list& errors) {
  daemon_options out;
  try {
    if (auto root = parse_yaml(text, errors)) read_section(*root, {}, out);
    resolve_paths(out, folder);
  } catch (const std::exception& e) {
    errors.add(0, {}, e.what());
  }
  if (errors.empty()) {
    for (auto& e : contradictions(out)) errors.add(0, std::move(e.key), std::move(e.message));
  }
  if (!errors.empty()) return tl::unexpected(errors.take());
  return out;
}

bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

}  // namespace

config_errors contradictions(const daemon_options& options, const std::string& file) {
  config_errors out;
  if (options.tls.cert.empty() != options.tls.key.empty()) {
    out.push_back({file, 0, options.tls.cert.empty() ? "tls.cert" : "tls.key",
                   "missing; certificate and key go together"});
  }
  bool plain = options.tls.cert.empty() && !options.allow_plain;
  if (plain && !is_loopback(options.channel.address)) {
    out.push_back({file, 0, "listen.channel.address",
                   "not loopback, and there is no TLS: set tls.cert and tls.key, or allow_plain"});
  }
  if (options.limits.queued_bytes_per_reader < options.limits.message_bytes) {
    out.push_back({file, 0, "limits.queued_bytes_per_reader",
                   "less than limits.message_bytes: one message would not fit"});
  }
  return out;
}

checked<daemon_options> load_options(const std::string& path) {
  error_list errors(path.substr(path.find_last_of('/') + 1));
  auto text = read_file(path, errors);
  if (!text) return tl::unexpected(errors.take());
  auto folder = std::filesystem::path(path).parent_path().string();
  return parse(*text, folder, errors);
}

checked<daemon_options> parse_options(std::string_view text, const std::string& folder,
                                      std::string file) {
  error_list errors(std::move(file));
  return parse(text, folder, errors);
}

std::string set_option(daemon_options& options, std::string_view assignment) {
  auto equals = assignment.find('=');
  if (equals == std::string_view::npos) return "expected key=value";
  auto key = assignment.substr(0, equals), value = assignment.substr(equals + 1);
  auto declared = find_option(key);
  if (!declared) return unknown_name("option", key, option_keys());
  if (auto why = declared->refusal(value); !why.empty()) return std::string(key) + ": " + why;
  declared->store(options, value);
  return {};
}

}  // namespace switchboard::config
