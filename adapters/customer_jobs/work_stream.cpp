#include "adapters/customer_jobs/work_stream.hpp"

#include "adapters/channel/transport/peer.hpp"
#include "runtime/codec/pack.hpp"

namespace switchboard {
namespace {

constexpr std::size_t most_unread = std::size_t{1} << 20;
constexpr millis reader_pause{5};

}  // namespace

bool work_stream::send(std::string_view method, std::uint32_t n, std::string_view pairs) {
  const auto to = out();
  auto* reader = dynamic_cast<channel::peer*>(to.get());
  while (reader && reader->unread_bytes() > most_unread) {
    if (!pause(reader_pause)) return false;
  }
  if (over() || refused()) return false;
  notify(method, n, pairs);
  return true;
}

/// Whose right has ended meanwhile hears that, and nothing more.
bool work_stream::refused() {
  if (!still_may_ || still_may_()) return false;
  codec::packer p;
  p.str("error").raw(
      codec::pack_error({errc::permission_denied, "this is not for you any more", {}, {}, 0}));
  notify("customer.done", 1, p.view());
  cancel();
  return true;
}

void work_stream::notify(std::string_view method, std::uint32_t n, std::string_view pairs) {
  codec::packer p;
  p.array(3).integer(2).str(method).array(1).map(n + 1);
  field(p, "work_id", id_);
  p.raw(pairs);
  // What it is about is read from the state, and so durable.
  auto frame = p.take();
  std::lock_guard hold(lock_);
  if (method == "customer.done") end_ = frame;
  out_->notify(0, std::move(frame));
}

void work_stream::turn_to(const outbox_ptr& other) {
  std::lock_guard hold(lock_);
  if (!other || out_ == other) return;
  out_ = other;
  if (!end_.empty()) out_->notify(0, end_);
}

bool work_stream::progress(std::uint64_t looked_at, std::uint64_t of, std::uint64_t found) {
  codec::packer p;
  p.str("looked_at").uinteger(looked_at).str("of").uinteger(of).str("found").uinteger(found);
  return send("customer.progress", 3, p.view());
}

/// Also where nobody is there to hear it: it may be asked for once more.
void work_stream::done(std::uint32_t n, std::string_view pairs) {
  if (!cancelled_.load(std::memory_order_acquire) && !refused()) notify("customer.done", n, pairs);
}

void work_stream::failed(const error& why) {
  failed_.store(true, std::memory_order_release);
  codec::packer p;
  p.str("error").raw(codec::pack_error(why));
  done(1, p.view());
}

void work_stream::cancel() {
  {
    std::lock_guard hold(lock_);
    cancelled_.store(true, std::memory_order_release);
  }
  woken_.notify_all();
}

bool work_stream::pause(millis span) {
  {
    std::unique_lock hold(lock_);
    woken_.wait_for(hold, span, [this] { return cancelled_.load(); });
  }
  return !over();
}

}  // namespace switchboard
