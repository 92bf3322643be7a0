#include "actors/configuration/config_version.hpp"

#include <algorithm>

#include "runtime/codec/event_list.hpp"

namespace switchboard {
namespace {

struct applier {
  configuration_record& r;
  timestamp at;

  void operator()(const config_version& x) const {
    // Before texts were counted every version had one.
    if (r.texts == 0) r.texts = static_cast<std::uint64_t>(r.latest);
    if (x.same_text_as == 0) ++r.texts;
    r.latest = x.version;
    r.file_hash = x.file_hash;
  }
  void operator()(const config::stored_account&) const {}
  void operator()(const file_settled& x) const { r.file_hash = x.hash; }
  void operator()(const answer_recorded& x) const { keep_answer(r.answered, x, at); }
  void operator()(const group_switch& x) const {
    std::erase_if(r.closed, [&](auto& s) { return s.group == x.group; });
    if (x.closed) r.closed.push_back(x);
  }
};

}  // namespace

void fold_into(configuration_record& r, const configuration_event& e, timestamp at) {
  ++r.seq;
  std::visit(applier{r, at}, e);
}

void carry_text(config_version& next, const std::optional<config_version>& before) {
  if (next.same_text_as == 0 || !next.text.empty() || !before) return;
  next.text = before->text;
}

std::string encode(const configuration_event& e) {
  codec::packer p;
  p.array(2).uinteger(e.index() + 1);
  std::visit([&](auto& x) { codec::pack_value(p, x, codec::audience::store); }, e);
  return p.take();
}

bool for_each_event(std::string_view events,
                    const std::function<void(configuration_event&&)>& visit) {
  return codec::for_each_listed(events, false, [&](const codec::listed_event& listed) {
    configuration_event e;
    const auto read = codec::unpack_kind(listed.kind, listed.payload, e);
    if (read == codec::kind_read::sound) visit(std::move(e));
    return read != codec::kind_read::damaged;
  });
}

}  // namespace switchboard
