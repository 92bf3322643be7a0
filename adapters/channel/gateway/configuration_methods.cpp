#include "actors/configuration/configuration_parts.hpp"
#include "adapters/channel/gateway/endpoints.hpp"

/// What administrators decide while the daemon runs: the whole configuration as versions, and
/// groups closed by hand.
namespace switchboard {

namespace {

constexpr std::size_t whole_text = 8u << 20;
constexpr std::int64_t most_versions = 1'000'000'000;

/// A call whose fields are read right into the message.
template <configuration_method What> struct asks : configuration_call {
  asks() { method = What; }
};
template <auto What> void pass_on(gateway_call& c, asks<What>& a) {
  to_configuration(c, std::move(a));
}

template <class V> void text_fields(V& v, configuration_call& m) {
  v.must("text", m.text, whole_text);
  v.may("file", m.file, 256);
}

template <class V> void reason_fields(V& v, configuration_call& m) {
  v.may("comment", m.comment, 1024);
  v.may("reevaluate", m.reevaluate);
  v.may("expected_version", m.expected, 1, most_versions);
}

using check = asks<configuration_method::check>;
template <class V> void wire_fields(V& v, check& m) {
  text_fields(v, m);
}

/// Either a text, or a version that was.
using diff = asks<configuration_method::diff>;
template <class V> void wire_fields(V& v, diff& m) {
  v.may("version", m.version, 1, most_versions);
  if (m.version == 0) text_fields(v, m);
}

using apply = asks<configuration_method::apply>;
template <class V> void wire_fields(V& v, apply& m) {
  text_fields(v, m);
  reason_fields(v, m);
}

using history = asks<configuration_method::history>;
template <class V> void wire_fields(V& v, history& m) {
  m.number = 50;
  v.may("limit", m.number, 1, 1'000);
}

using show = asks<configuration_method::show>;
template <class V> void wire_fields(V& v, show& m) {
  v.may("version", m.version, 1, most_versions);
}

using rollback = asks<configuration_method::rollback>;
template <class V> void wire_fields(V& v, rollback& m) {
  v.must("version", m.version, 1, most_versions);
  reason_fields(v, m);
}

using edit = asks<configuration_method::edit>;
template <class V> void wire_fields(V& v, edit& m) {
  v.must("path", m.path, 256);
  v.must("value", m.text, 4096);
  reason_fields(v, m);
}

/// Of the dispatch file and what runs: `show` what it would take back of what was decided while
/// running; `reload`: what runs goes on, and the file as it is now is known.
template <configuration_method What> void on_conflicts(gateway_call& c) {
  configuration_call m;
  m.method = What;
  m.path = conflicts_part;
  to_configuration(c, std::move(m));
}

struct closing : configuration_call {};
template <class V> void wire_fields(V& v, closing& m) {
  v.must("group", m.group, 64);
  v.must("reason", m.comment, 256);
}
struct opening : configuration_call {};
template <class V> void wire_fields(V& v, opening& m) {
  v.must("group", m.group, 64);
  v.may("reason", m.comment, 256);
}

template <class What> void switch_group(gateway_call& c, What& a) {
  a.method = configuration_method::switch_group;
  a.closed = std::same_as<What, closing>;
  to_configuration(c, std::move(a));
}

}  // namespace

const endpoint endpoints::admin_group_close = served_by<switch_group<closing>>;
const endpoint endpoints::admin_group_open = served_by<switch_group<opening>>;
const endpoint endpoints::admin_rules_apply = served_by<pass_on<configuration_method::apply>>;
const endpoint endpoints::admin_rules_check = served_by<pass_on<configuration_method::check>>;
const endpoint endpoints::admin_rules_conflicts =
    served_by<on_conflicts<configuration_method::show>>;
const endpoint endpoints::admin_rules_diff = served_by<pass_on<configuration_method::diff>>;
const endpoint endpoints::admin_rules_edit = served_by<pass_on<configuration_method::edit>>;
const endpoint endpoints::admin_rules_history = served_by<pass_on<configuration_method::history>>;
const endpoint endpoints::admin_rules_keep = served_by<on_conflicts<configuration_method::reload>>;
const endpoint endpoints::admin_rules_rollback = served_by<pass_on<configuration_method::rollback>>;
const endpoint endpoints::admin_rules_show = served_by<pass_on<configuration_method::show>>;

}  // namespace switchboard
