#include "adapters/customer_jobs/customer_jobs.hpp"

#include <algorithm>
#include <cstdio>

#include "actors/catalog/customer_condition.hpp"
#include "adapters/customer_jobs/customer_dossier.hpp"
#include "adapters/customer_jobs/customer_eraser.hpp"
#include "adapters/customer_jobs/customer_scan.hpp"
#include "runtime/base/thread_name.hpp"
#include "runtime/codec/pack.hpp"
#include "runtime/store/damage.hpp"

namespace switchboard {

customer_jobs::customer_jobs(const customer_jobs_services& services) : services_(services) {}

customer_jobs::~customer_jobs() {
  stop();
}

void customer_jobs::start() {
  thread_ = std::thread([this] {
    name_this_thread("customer_work");
    run();
  });
}

void customer_jobs::stop() {
  {
    std::lock_guard hold(lock_);
    stopping_ = true;
    for (auto& i : waiting_) i.stream->cancel();
    if (current_) current_->cancel();
  }
  filled_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void customer_jobs::run() {
  while (true) {
    item next;
    {
      std::unique_lock hold(lock_);
      current_.reset();
      filled_.wait(hold, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
      current_ = next.stream;
    }
    if (next.stream->over()) continue;
    try {
      next.run(*next.stream);
    } catch (const store::damaged_data& e) {
      // Named by the state. What is asked for whole is not answered in part.
      next.stream->failed({errc::internal, e.what(), {}, {}, 0});
    }
  }
}

namespace {

std::string packed_id(std::string_view work_id) {
  codec::packer p;
  field(p.map(1), "work_id", work_id);
  return p.take();
}

}  // namespace

std::shared_ptr<work_stream> customer_jobs::add(const work_caller& caller, task run) {
  const auto& reply = caller.reply;
  char id[24];
  std::snprintf(id, sizeof id, "w%016llx", static_cast<unsigned long long>(services_.random()));
  std::shared_ptr<work_stream> stream;
  {
    std::lock_guard hold(lock_);
    if (stopping_ || waiting_.size() >= most_waiting || !reply.out) {
      reply.fail(0, error{errc::resource_exhausted,
                          "as much is under way with customers as there may be; try later",
                          {},
                          {},
                          0});
      return nullptr;
    }
    reply.ok(0, packed_id(id));
    stream = std::make_shared<work_stream>(id, reply.out, caller.still_may);
    waiting_.push_back({stream, std::move(run)});
  }
  filled_.notify_one();
  return stream;
}

result<std::string> customer_jobs::condition_of(const std::string& condition,
                                                const std::string& segment) const {
  if (segment.empty()) return condition;
  auto all = services_.catalog.now();
  auto it = std::ranges::find(all->segments, segment, &switchboard::segment::id);
  if (it == all->segments.end())
    return fail(errc::not_found, "segment: there is no such segment", "segment");
  return it->condition;
}

void customer_jobs::search(const std::string& condition, const std::string& segment,
                           const work_caller& caller) {
  const auto& reply = caller.reply;
  auto text = condition_of(condition, segment);
  if (!text) return reply.fail(0, text.error());
  auto compiled = compile_customer_condition(*text);
  if (!compiled)
    return reply.fail(
        0, error{errc::invalid_argument, "condition: " + compiled.error(), "condition", {}, 0});
  add(caller, [this, compiled = *compiled](work_stream& to) {
    scan_customers(services_, to, &compiled, nullptr);
  });
}

void customer_jobs::export_csv(const std::string& condition, const std::string& segment,
                               const work_caller& caller) {
  const auto& reply = caller.reply;
  auto text = condition_of(condition, segment);
  if (!text) return reply.fail(0, text.error());
  std::optional<cel::program> which;
  if (!text->empty()) {
    auto compiled = compile_customer_condition(*text);
    if (!compiled)
      return reply.fail(
          0, error{errc::invalid_argument, "condition: " + compiled.error(), "condition", {}, 0});
    which = *compiled;
  }
  add(caller, [this, which](work_stream& to) {
    auto columns = csv_columns(*services_.config());
    scan_customers(services_, to, which ? &*which : nullptr, &columns);
  });
}

void customer_jobs::dossier(const person_id& person, const work_caller& caller) {
  add(caller, [this, person](work_stream& to) { send_dossier(services_, to, person); });
}

void customer_jobs::erase(const person_id& person, const participant& by, bool dry_run,
                          const request_key& key, const reply_to& reply) {
  if (key.key != 0 && known(key, reply)) return;
  // What has begun is finished, whoever ordered it.
  auto stream = add({reply, {}}, [this, person, by, dry_run](work_stream& to) {
    customer_eraser(services_, to, by).run(person, dry_run);
  });
  if (key.key == 0 || !stream) return;
  std::lock_guard hold(lock_);
  if (erasures_.size() >= most_erasures) erasures_.pop_front();
  erasures_.push_back({key, services_.clock.now(), std::move(stream)});
}

bool customer_jobs::known(const request_key& key, const reply_to& reply) {
  std::lock_guard hold(lock_);
  const auto now = services_.clock.now();
  std::erase_if(erasures_, [&](auto& e) {
    const bool unread = e.stream->over() && std::ranges::any_of(waiting_, [&](auto& i) {
                          return i.stream == e.stream;
                        });
    return e.at + answers_kept_for < now || e.stream->came_to_nothing() || unread;
  });
  const auto found = std::ranges::find(erasures_, key.key, [](auto& e) { return e.key.key; });
  if (found == erasures_.end()) return false;
  if (found->key != key) {
    reply.fail(
        0, error{errc::already_exists, "op_id: used before with other content", "op_id", {}, 0});
    return true;
  }
  reply.ok(0, packed_id(found->stream->id()));
  found->stream->turn_to(reply.out);
  return true;
}

void customer_jobs::cancel(const std::string& work_id, const reply_to& reply) {
  std::shared_ptr<work_stream> found;
  {
    std::lock_guard hold(lock_);
    if (current_ && current_->id() == work_id) found = current_;
    for (auto& i : waiting_) {
      if (i.stream->id() == work_id) found = i.stream;
    }
  }
  if (!found || !reply.out || found->outbox_id() != reply.out->id()) {
    return reply.fail(
        0, error{errc::not_found, "work_id: there is no such work of yours", "work_id", {}, 0});
  }
  found->cancel();
  reply.ok(0, std::string(1, '\x80'));
}

}  // namespace switchboard
